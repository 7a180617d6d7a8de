"""Names are shown, never followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.files.names import LENGTH, clean_name


@pytest.mark.parametrize(
    ("sent", "ext", "shown"),
    [
        ("IMG_0001.HEIC", "jpg", "IMG_0001.jpg"),
        ("东大街 井盖.jpg", "jpg", "东大街 井盖.jpg"),
        ("../../etc/passwd", "jpg", "passwd.jpg"),
        ("..\\..\\windows\\system32\\cmd.exe", "pdf", "cmd.pdf"),
        ("/etc/cron.d/x", "pdf", "x.pdf"),
        ("C:\\fakepath\\照片.png", "jpg", "照片.jpg"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "pdf", "abSet-Cookie_ x.pdf"),
        ("invoice\u202egpj.exe", "pdf", "invoicegpj.pdf"),
        ("zero\u200bwidth\ufeff.pdf", "pdf", "zerowidth.pdf"),
        ("photo.jpg.exe", "pdf", "photo.jpg.pdf"),
        ("a.b.docx", "docx", "a.b.docx"),
        ("<img src=x onerror=alert(1)>.png", "jpg", "_img src=x onerror=alert(1)_.jpg"),
        ('"; rm -rf ~".pdf', "pdf", "_; rm -rf ~_.pdf"),
        (".htaccess", "pdf", "htaccess.pdf"),
        ("...", "pdf", "document.pdf"),
        ("", "pdf", "document.pdf"),
        (None, "pdf", "document.pdf"),
        ("CON.pdf", "pdf", "document-CON.pdf"),
        ("第1.2节说明", "pdf", "第1.2节说明.pdf"),
        ("x" * 500 + ".pdf", "pdf", "x" * (LENGTH - 4) + ".pdf"),
    ],
)
def test_cleaned(sent, ext, shown):
    assert clean_name(sent, ext, "document") == shown


@given(st.text(max_size=300))
def test_whatever_is_sent_is_safe_text(sent):
    shown = clean_name(sent, "jpg")
    assert shown.endswith(".jpg")
    assert 4 < len(shown) <= LENGTH + 5
    assert not shown.startswith((".", " "))
    assert not set(shown) & set('/\\\0\r\n<>:"|?*\u202e\u202d\u2066\u200b')
    assert all(c.isprintable() for c in shown)
