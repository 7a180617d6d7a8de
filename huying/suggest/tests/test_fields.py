"""Trained models: training, files, what may be in them, and what web processes load."""

import csv
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from huying.suggest import FieldModel, ItemInfo, Suggester
from huying.suggest.commands import evaluate, report, train

TOPICS = {
    "roads": ["修路", "路面坑洼", "红绿灯坏了", "堵车", "公交车晚点", "路灯不亮", "人行道破损"],
    "health": ["医院收费", "医生态度", "药品价格", "打疫苗", "住院报销", "卫生院关门", "护士太少"],
    "school": ["学校补课", "老师体罚", "幼儿园收费", "孩子入学", "校车超载", "食堂饭菜", "作业太多"],
}


def write(path, with_text=True, repeat=6):
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["title", "label", "text"] if with_text else ["title", "label"])
        for label, phrases in TOPICS.items():
            for number in range(repeat):
                for phrase in phrases:
                    row = [f"{number}号居民反映{phrase}", label]
                    writer.writerow([*row, f"请问{phrase}的事情谁来管"] if with_text else row)
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    train(write(folder / "train.csv"), folder / "model.npz")
    return folder / "model.npz"


def test_training_then_evaluating(trained, tmp_path):
    result = evaluate(write(tmp_path / "unseen.csv", repeat=2), trained)
    assert result["rows"] == 42
    assert result["accuracy"] == result["macro_f1"] == 1.0
    assert set(result["per_class"]) == set(TOPICS)


def test_a_csv_without_text_can_train_and_be_evaluated(tmp_path):
    path = write(tmp_path / "titles.csv", with_text=False)
    told = train(path, tmp_path / "model.npz")
    assert told["rows_with_text"] == 0
    assert evaluate(path, tmp_path / "model.npz")["macro_f1"] == 1.0


def test_labels_that_the_model_never_saw_count_as_wrong(trained, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("title,label\n修路,farming\n打疫苗,health\n", encoding="utf-8")
    result = evaluate(path, trained)
    assert result["accuracy"] == 0.5
    assert result["per_class"]["farming"]["f1"] == 0.0


def test_cross_validation_leaves_repeated_titles_out(tmp_path):
    path = write(tmp_path / "all.csv")
    with open(path, "a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(["0号居民反映修路", "roads", ""])
    result = evaluate(path, folds=3)
    assert result["repeated_titles_removed"] == 1
    assert result["rows"] == 126
    assert result["macro_f1"] > 0.95


def test_extra_rows_never_teach_a_title_that_is_measured(tmp_path):
    """Titles that tell nothing, and an extra file that would give each away, were it used."""
    rows = [(chr(0x4E00 + 7 * n) + chr(0x6E00 + 5 * n), "ab"[n * n % 7 % 2]) for n in range(120)]
    for name in ("measured.csv", "extra.csv"):
        with open(tmp_path / name, "w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("title", "label"), *rows])
    result = evaluate(tmp_path / "measured.csv", folds=4, extra_path=tmp_path / "extra.csv")
    assert result["accuracy"] < 0.75


def test_either_model_or_folds(tmp_path):
    path = write(tmp_path / "all.csv")
    with pytest.raises(ValueError, match="either a model or"):
        evaluate(path)
    with pytest.raises(ValueError, match="either a model or"):
        evaluate(path, tmp_path / "m.npz", folds=5)


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("title,field\na,b\n", encoding="utf-8")
    with pytest.raises(ValueError, match="label"):
        train(path, tmp_path / "m.npz")


def test_too_little_to_train_on(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("title,label\n" + "".join(f"事情{n},same\n" for n in range(20)), encoding="utf-8")
    with pytest.raises(ValueError, match="two labels"):
        train(path, tmp_path / "m.npz")


def test_training_is_deterministic(trained, tmp_path):
    train(write(tmp_path / "again.csv"), tmp_path / "again.npz")
    first, second = np.load(trained), np.load(tmp_path / "again.npz")
    assert first.files == second.files
    assert all(np.array_equal(first[name], second[name]) for name in first.files)


def test_a_saved_model_says_the_same(trained, tmp_path):
    model = FieldModel.load(trained)
    model.save(tmp_path / "copy.npz")
    copy = FieldModel.load(tmp_path / "copy.npz")
    for title, text in [("学校补课收费", ""), ("", "医院打疫苗"), ("路", "红绿灯坏了"), ("", "")]:
        assert np.array_equal(model.probabilities(title, text), copy.probabilities(title, text))


def test_probabilities_sum_to_one_and_unknown_text_is_unsure(trained):
    model = FieldModel.load(trained)
    assert model.probabilities("学校补课").sum() == pytest.approx(1.0, abs=1e-5)
    assert model.predict("zzzz")[1] < model.predict("学校补课收费，老师体罚", "幼儿园入学")[1]


def test_the_file_holds_arrays_and_no_pickle(trained):
    with np.load(trained, allow_pickle=False) as stored:
        assert all(not stored[name].dtype.hasobject for name in stored.files)
        assert stored["labels"].dtype.kind == "U"
    with zipfile.ZipFile(trained) as archive:
        for name in archive.namelist():
            assert archive.read(name)[:6] == b"\x93NUMPY"


def test_a_pickled_file_is_refused(tmp_path):
    path = tmp_path / "evil.npz"
    np.savez(path, kind=np.array("huying-fields-1"), labels=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError):  # noqa: PT011
        FieldModel.load(path)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_foreign_file_is_refused(tmp_path, content):
    path = tmp_path / "foreign.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a model"):
        FieldModel.load(path)


def test_objects_are_never_written(tmp_path):
    from huying.suggest.arrays import write_arrays

    with pytest.raises(TypeError):
        write_arrays(tmp_path / "x.npz", "kind", bad=np.array([object()], dtype=object))


def test_a_field_model_gives_the_field_and_leans_on_items(trained):
    items = [
        ItemInfo("r1", "道路维修", (), ("收费站",), "roads", "a"),
        ItemInfo("s1", "学校管理", (), ("收费员",), "school", "b"),
    ]
    answer = Suggester(items, FieldModel.load(trained)).suggest("老师体罚，孩子入学，学校补课，收费")
    assert answer.field == "school"
    assert answer.items[0].code == "s1"


def test_a_model_of_item_codes_suggests_those_items(trained):
    items = [ItemInfo(code, f"事项{code}", (), (), "", code) for code in TOPICS]
    answer = Suggester(items, FieldModel.load(trained)).suggest("打疫苗的医院")
    assert answer.items[0].code == "health"
    assert answer.organs[0].code == "health"


def test_inference_does_not_import_scikit_learn(trained):
    script = (
        "import sys\n"
        "from huying.suggest import FieldModel, ItemInfo, Suggester, Correction, signature\n"
        "import huying.suggest.commands, huying.suggest.catalogue\n"
        f"model = FieldModel.load({str(trained)!r})\n"
        "items = [ItemInfo('a', '路灯不亮'), ItemInfo('b', '噪音扰民')]\n"
        "made = Suggester(items, model, [Correction('路灯', '', 'a')] * 3)\n"
        "assert made.suggest('路灯不亮').items[0].code == 'a'\n"
        "signature('路灯不亮了怎么办')\n"
        "bad = [n for n in sys.modules if n.split('.')[0] in ('sklearn', 'scipy', 'joblib', 'pickletools')]\n"
        "assert not bad, bad\n"
        "assert 'huying.suggest.training' not in sys.modules\n"
        "assert 'django' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_report_figures():
    result = report(["a", "a", "b", "b"], ["a", "b", "b", "b"], [0.9, 0.6, 0.8, 0.8])
    assert result["accuracy"] == 0.75
    assert result["per_class"]["a"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "support": 2}
    assert result["per_class"]["b"]["f1"] == 0.8
    assert result["macro_f1"] == pytest.approx(0.7333, abs=1e-4)
