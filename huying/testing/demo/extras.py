"""What happens beside a flow's moves: others join, a text is published, a contact is looked at for a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from huying.cases.actions.others import join, name_reader, publish, unmask
from huying.cases.actions.perform import Refused
from huying.cases.calls import Reporter
from huying.cases.discreet import discreet
from huying.cases.models import Case
from huying.cases.who import WEB, Actor
from huying.testing.demo import pace
from huying.testing.demo.crew import staff_actor
from huying.testing.demo.words import person_name, phone, written

if TYPE_CHECKING:
    from huying.testing.demo.life import Held, Life

JOINED, PUBLISHED, LOOKED_AT = 0.1, 0.25, 0.06


class Extras:
    """The small facts of a play."""

    def __init__(self, life: Life) -> None:
        self.life = life

    def after_report(self, held: Held, now: datetime) -> None:
        """Neighbours have the same trouble; a confidential case is opened to one more person."""
        life, rng = self.life, self.life.rng
        if rng.random() < JOINED:
            for _ in range(rng.choice((1, 1, 2, 3, 5))):
                life.push(pace.awake(life, now + timedelta(hours=rng.uniform(1, 60))), self.joins, held)
        if held.case.confidential and life.crew.desk:
            life.push(pace.office(life, now, rng.uniform(0.2, 2)), self.names, held)

    def after_move(self, held: Held, actor: Actor, now: datetime) -> None:
        """Closed cases may be published; whoever handles one may need the caller's number."""
        life, rng = self.life, self.life.rng
        if held.case.closed_at == now and rng.random() < PUBLISHED and life.crew.publishers:
            life.push(pace.office(life, now, rng.uniform(0.2, 6)), self.publishes, held)
        elif rng.random() < LOOKED_AT and actor.sight is not None and not actor.sight.is_resident:
            try:
                unmask(held.case, written("unmask", rng), actor, now=now)
            except Refused:
                return

    def joins(self, now: datetime, held: Held) -> None:
        """Somebody without an account has the same trouble."""
        rng = self.life.rng
        who = Reporter(None, person_name(rng), phone(rng))
        try:
            join(held.case.place_id, held.case.id, who, Actor(channel=WEB), now=now)
        except Refused:
            return
        self.life.played.joins += 1
        self.life.refresh(held)

    def names(self, now: datetime, held: Held) -> None:
        """A holder names another person to a confidential case."""
        life = self.life
        owner = life.owner(held, held.case)
        people = [s for s in life.crew.leaders if s.person_id is not None]
        if owner is None or not people:
            return
        person = life.rng.choice(people).person_id
        assert person is not None
        try:
            name_reader(held.case, person, owner, now=now)
        except (Refused, Case.DoesNotExist):
            return

    def publishes(self, now: datetime, held: Held) -> None:
        """The centre lets everybody read how a case ended, in words of its own."""
        life = self.life
        life.refresh(held)
        case, preset = held.case, life.memory.preset
        row = preset.items.get(case.item) if preset is not None else None
        if row is None or not case.reply:
            return
        reply = discreet(case.reply, case, life.memory)
        text = written("public_text", life.rng, item=row.name, reply=reply)
        try:
            publish(case, row.name, text, staff_actor(life.rng.choice(life.crew.publishers)), now=now)
        except Refused:
            return
        life.refresh(held)
