"""The attachments as a Django app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Attachments of cases."""

    name = "huying.files"
    label = "files"
    verbose_name = "Files"
