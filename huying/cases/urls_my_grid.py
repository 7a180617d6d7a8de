"""Address of the public notice of grids."""

from django.urls import path

from huying.cases.views import my_grid

urlpatterns = [path("my-grid/", my_grid.my_grid, name="my_grid")]
