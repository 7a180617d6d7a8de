"""Addresses of the boards of the year."""

from django.urls import path

from huying.cases.views import boards

urlpatterns = [
    path("boards/", boards.boards, name="boards"),
    path("boards/<slug:kind>/", boards.board, name="board"),
]
