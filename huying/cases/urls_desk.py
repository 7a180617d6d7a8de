"""Addresses of the desk: taking calls, the queue, settling whose duty something is."""

from django.urls import path

from huying.cases.views import desk_call, desk_case, desk_queue, desk_settle

urlpatterns = [
    path("desk/call/", desk_call.call, name="desk_call"),
    path("desk/call/suggest/", desk_call.suggest, name="desk_suggest"),
    path("desk/call/earlier/", desk_call.earlier, name="desk_earlier"),
    path("desk/call/recall/", desk_call.recall, name="desk_recall"),
    path("desk/call/join/<str:number>/", desk_call.join_case, name="desk_join"),
    path("desk/taken/<str:number>/", desk_case.taken, name="desk_taken"),
    path("desk/cases/<str:number>/", desk_case.case, name="desk_case"),
    path("desk/cases/<str:number>/item/", desk_case.item, name="desk_item"),
    path("desk/cases/<str:number>/move/", desk_case.move, name="desk_move"),
    path("desk/queue/", desk_queue.desk_queue, name="desk_queue"),
    path("desk/settle/<str:number>/", desk_settle.settle, name="desk_settle"),
    path("desk/precedents/", desk_settle.precedent_list, name="precedents"),
    path("desk/precedents/<uuid:precedent_id>/end/", desk_settle.precedent_end, name="precedent_end"),
]
