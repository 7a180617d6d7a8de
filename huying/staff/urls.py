"""Addresses of this room."""

from django.urls import path

from huying.staff.views import away, emergencies, entry, keys, me, outside, people, places, posts

app_name = "staff"

urlpatterns = [
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/code/", entry.second, name="second"),
    path("sign-in/set-up/", entry.second_set_up, name="second_set_up"),
    path("sign-in/outside/", outside.start, name="outside"),
    path("sign-in/outside/back/", outside.back, name="outside_back"),
    path("me/outside/end/", outside.unlink, name="outside_end"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("register/", entry.register, name="register"),
    path("me/", me.me, name="me"),
    path("me/post/", me.choose_post, name="choose_post"),
    path("me/sessions/", me.end_sessions, name="end_sessions"),
    path("me/settings/", me.settings, name="settings"),
    path("me/password/", me.password, name="password"),
    path("me/away/", away.away, name="away"),
    path("admin/people/", people.people, name="people"),
    path("admin/people/new/", people.person_new, name="person_new"),
    path("admin/people/<uuid:person_id>/", people.person, name="person"),
    path("admin/people/<uuid:person_id>/<slug:what>/", people.person_do, name="person_do"),
    path("admin/posts/", posts.posts, name="posts"),
    path("admin/posts/new/", posts.post_new, name="post_new"),
    path("admin/posts/<int:post_id>/", posts.post, name="post"),
    path("emergencies/", emergencies.emergencies, name="emergencies"),
    path("admin/keys/", keys.keys, name="keys"),
    path("admin/keys/<uuid:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
    path("admin/divisions/", places.divisions, name="divisions"),
    path("admin/organs/", places.organs, name="organs"),
    path("admin/hours/", places.hours, name="hours"),
    path("admin/hours/holiday/", places.holiday, name="holiday"),
    path("admin/import/", places.import_file, name="import"),
]
