"""A case looked at through the channel: to read only, without the caller's contact, and on the log."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huying import clock
from huying.cases import looks, naming, story, timeline
from huying.cases.models import Case
from huying.cases.sight import may_see
from huying.cases.store import legs_of
from huying.cases.views.common import actor_of, memory_of
from huying.inspection import actions, queries
from huying.inspection.views.common import inspectors_only, pattern_name, tabs
from huying.ledger import queries as ledger
from huying.presets.queries import compiled


@never_cache
@require_GET
@inspectors_only
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The story of one case. Eight SQL statements beside those of every page."""
    memory, actor = memory_of(request), actor_of(request)
    assert actor.sight is not None
    try:
        found = queries.case_for(memory, actor.sight, number)
    except Case.DoesNotExist:
        raise Http404 from None
    actions.look(actor, "case", case_id=found.id)
    legs = legs_of(found.place_id, found.id)
    preset = compiled(found.edition_id)
    lines = timeline.lines(
        found, ledger.history(found.place_id, found.id, private=True), legs, memory, preset, {}, inside=True
    )
    step = naming.step_name(preset.flow_of(found.kind), found.step)
    own = queries.inspection_of(memory)
    context = {
        "tabs": tabs("papers" if found.kind in (own.order, own.request) else "findings"), "case": found,
        "chips": looks.chips(found, step, clock.now()),
        "story": story.entries(lines, []), "owner": naming.owner_name(memory, found.owner_key),
        "item": naming.item_name(preset, found.item), "own": may_see(actor.sight, found),
        "findings": [{"found": one, "name": pattern_name(memory, one)} for one in queries.about(found)],
    }  # fmt: skip
    return render(request, "inspection/case.html", context)
