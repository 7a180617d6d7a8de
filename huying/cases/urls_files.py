"""Address to which forms of every family send photos and files."""

from django.urls import path

from huying.cases.views import files

urlpatterns = [path("files/", files.upload, name="upload")]
