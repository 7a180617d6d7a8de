"""Address of the plan of rounds."""

from django.urls import path

from huying.cases.views import rounds

urlpatterns = [path("rounds/", rounds.kept, name="rounds")]
