"""The administrator's pages about posts: who holds them as A and as B."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huying.places import memory
from huying.staff import actions_posts, queries, sight
from huying.staff.access import needs
from huying.staff.actor import actor_of
from huying.staff.forms import HoldForm, PostForm, person_named, put_errors
from huying.staff.models import Holding, Post
from huying.staff.views.people import MANAGE


@never_cache
@needs(MANAGE)
@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """All posts and who holds them; a post that nobody holds stands out."""
    place = memory.of(sight.of(request).place_id)
    language = get_language() or "zh-hans"
    role, after = request.GET.get("role", "")[:40], request.GET.get("after", "")
    rows, more = queries.posts(place.place_id, role, int(after) if after.isdecimal() else 0)
    shown = [
        {
            "post": post,
            "role": place.roles[post.role].name_in(language) if post.role in place.roles else post.role,
            "where": queries.where_of(place, post.division_id, post.organ_id),
        }
        for post in rows
    ]
    roles = [(code, found.name_in(language)) for code, found in place.roles.items()]
    return render(request, "staff/posts.html", {"posts": shown, "roles": roles, "role": role, "more": more})


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def post_new(request: HttpRequest) -> HttpResponse:
    """Make a post."""
    place = memory.of(sight.of(request).place_id)
    form = PostForm(place, get_language() or "zh-hans", request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions_posts.make_post(
                place.place_id,
                data["role"],
                int(data["division"]) if data["division"] else None,
                int(data["organ"]) if data["organ"] else None,
                data["name"],
            )
        except ValidationError as problem:
            put_errors(form, problem)
        else:
            return HttpResponseRedirect(reverse("staff:post", args=[made.pk]))
    return render(request, "staff/post_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: its holders, and adding or ending them."""
    place = memory.of(sight.of(request).place_id)
    found = get_object_or_404(Post, pk=post_id, place_id=place.place_id)
    form = HoldForm()
    status = 200
    if request.method == "POST":
        what = request.POST.get("what")
        if what == "take":
            form = HoldForm(request.POST)
            if _take(request, found, form):
                return HttpResponseRedirect(request.path)
            status = 422
        elif what == "leave" and (held := request.POST.get("holding", "")).isdecimal():
            holding = get_object_or_404(Holding, pk=int(held[:18]), post=found)
            actions_posts.leave_post(holding, actor=actor_of(request))
            return HttpResponseRedirect(request.path)
        elif what == "end":
            actions_posts.end_post(found, actor=actor_of(request))
            messages.success(request, _("The post was ended."))
            return HttpResponseRedirect(reverse("staff:posts"))
        else:
            raise Http404
    role = place.roles.get(found.role)
    context = {
        "post": found,
        "role": role.name_in(get_language() or "zh-hans") if role else found.role,
        "where": queries.where_of(place, found.division_id, found.organ_id),
        "holdings": Holding.objects.filter(post=found)
        .select_related("person")
        .order_by("slot", "-since")[:50],
        "form": form,
    }
    return render(request, "staff/post.html", context, status=status)


def _take(request: HttpRequest, found: Post, form: HoldForm) -> bool:
    if not form.is_valid():
        return False
    try:
        who = person_named(found.place_id, form.cleaned_data["username"])
        actions_posts.take_post(who, found, actor=actor_of(request), slot=form.cleaned_data["slot"])
    except ValidationError as problem:
        put_errors(form, problem)
        return False
    messages.success(request, _("Saved."))
    return True
