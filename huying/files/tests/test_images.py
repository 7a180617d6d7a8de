"""Photos are written anew: nothing of the sender's device or place survives, bombs never go off."""

import io
import os
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from PIL import Image, ImageStat

from huying.files import images
from huying.files.errors import Broken, TooManyPixels
from huying.files.images import reencode

from . import samples

# what Pillow itself notes down on opening any JPEG or WebP
HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
HARMLESS |= {"loop", "background", "timestamp", "duration"}


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_place_device_time_and_comment_are_gone_and_the_photo_stands_upright():
    sent = samples.phone_photo((800, 600))
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)  # the sample does hold a place
    made = reencode(sent)
    for data in (made.jpeg, made.thumb):
        image = opened(data)
        assert not image.getexif()
        assert set(image.info) <= HARMLESS
        for secret in (b"Exif", b"SecretPhoneMaker", b"SecretComment", b"2026:03:02"):
            assert secret not in data
    assert (made.width, made.height) == (600, 800)
    # turned clockwise by a quarter, the red corner is at the top right
    image = opened(made.jpeg)
    red, green = image.getpixel((590, 10)), image.getpixel((10, 10))
    assert red[0] > 180 > red[1]
    assert green[1] > 120 > green[0]


def test_large_photos_are_shrunk_and_the_thumbnail_fits():
    made = reencode(samples.saved(samples.scene((5000, 2500)), "JPEG"))
    assert (made.width, made.height) == opened(made.jpeg).size == (2560, 1280)
    assert opened(made.thumb).size == (480, 240)
    assert opened(made.thumb).format == "WEBP"


def test_small_photos_are_not_blown_up():
    made = reencode(samples.saved(samples.scene((40, 30)), "PNG"))
    assert (made.width, made.height) == opened(made.thumb).size == (40, 30)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1", "I;16"])
def test_png_of_every_mode_keeps_its_picture(mode):
    if mode == "I;16":
        grey = b"".join((value << 8).to_bytes(2, "little") for value in [220, 40] * 2048)
        image = Image.frombytes("I;16", (64, 64), grey)
    else:
        image = samples.scene((64, 64)).convert(mode)
    pixel = opened(reencode(samples.saved(image, "PNG")).jpeg)
    assert pixel.mode == "RGB"
    if mode == "I;16":
        assert abs(ImageStat.Stat(pixel.convert("L")).mean[0] - 130) < 4
    elif mode in {"RGB", "RGBA", "P"}:
        assert pixel.getpixel((5, 5))[0] > 180


def test_what_is_transparent_becomes_white():
    made = reencode(samples.saved(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"))
    assert min(opened(made.jpeg).getpixel((32, 32))) > 250


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_jpeg_of_other_modes(mode):
    assert opened(reencode(samples.saved(samples.scene((64, 64)).convert(mode), "JPEG")).jpeg).mode == "RGB"


def test_webp_and_a_damaged_profile():
    assert reencode(samples.saved(samples.scene(), "WEBP")).width == 800
    assert reencode(samples.saved(samples.scene(), "JPEG", icc_profile=b"no profile")).width == 800


def test_only_the_first_picture_of_an_animation_is_kept():
    frames = [samples.scene((64, 64)), Image.new("RGB", (64, 64), "blue")]
    made = reencode(samples.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    assert opened(made.jpeg).getpixel((5, 5))[0] > 180
    assert getattr(opened(made.thumb), "n_frames", 1) == 1


def test_a_decompression_bomb_is_refused_without_being_unpacked(tmp_path):
    bomb = samples.png_bomb()
    assert len(bomb) < 1_000_000
    (tmp_path / "bomb.png").write_bytes(bomb)
    # In a process of its own, whose memory nobody used before.
    script = f"""
        import resource
        from django.conf import settings
        settings.configure()
        from huying.files import errors, images
        data = open({str(tmp_path / "bomb.png")!r}, "rb").read()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            images.reencode(data)
        except errors.TooManyPixels:
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, cwd=os.getcwd()
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 20_000  # kilobytes; unpacked it has 450,000


def test_a_bomb_below_pillows_own_limit_is_refused_by_ours():
    with pytest.raises(TooManyPixels) as caught:
        reencode(samples.png_bomb(6_000))
    assert "6000 × 6000" in str(caught.value)


def test_a_jpeg_that_claims_a_huge_size_is_refused():
    sent = bytearray(samples.saved(samples.scene((64, 64)), "JPEG"))
    at = sent.index(b"\xff\xc0")
    sent[at + 5 : at + 9] = b"\xff\xdc\xff\xdc"
    with pytest.raises(TooManyPixels):
        reencode(bytes(sent))


def test_a_progressive_jpeg_with_endless_scans_is_refused():
    sent = samples.saved(samples.scene((64, 64)), "JPEG", progressive=True)
    at = sent.rindex(b"\xff\xda")
    with pytest.raises(Broken):
        reencode(sent[:at] + sent[at:-2] * 200 + b"\xff\xd9")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_photo_is_refused(form, share):
    sent = samples.saved(Image.effect_noise((300, 300), 80).convert("RGB"), form)
    with pytest.raises(Broken):
        reencode(sent[: int(len(sent) * share)])


def test_html_behind_a_photo_does_not_survive():
    made = reencode(samples.saved(samples.scene(), "JPEG") + samples.HTML)
    assert b"<script" not in made.jpeg + made.thumb


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBPVP8 "])
def test_html_with_the_head_of_a_photo_is_refused(head):
    with pytest.raises(Broken):
        reencode(head + samples.HTML * 3)


def test_other_formats_that_pillow_knows_are_not_decoded():
    for form in ("GIF", "BMP", "TIFF", "ICO"):
        with pytest.raises(Broken):
            reencode(samples.saved(samples.scene((64, 64)), form))


def test_no_more_than_two_are_decoded_at_once(monkeypatch):
    now, most, lock = 0, 0, threading.Lock()
    real = images._reencode

    def counted(data):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        try:
            return real(data)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(images, "_reencode", counted)
    sent = samples.saved(samples.scene((64, 64)), "JPEG")
    threads = [threading.Thread(target=reencode, args=(sent,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
