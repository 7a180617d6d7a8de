"""The reviews as a Django app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """What comes after closing: was it good, does it hold, and what follows for the unit."""

    name = "huying.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Know the events, follow the ledger, forget what is erased, and stand in the frame."""
        from huying.cases import courses
        from huying.ledger import readers, vouched
        from huying.notices import words
        from huying.reviews import erasure, frame, ledger_kinds, reader, telling, vouching
        from huying.reviews.actions import links, tasks

        ledger_kinds.register()
        readers.register("reviews", reader.follow)
        courses.told_by("review.called", tasks.fold)
        words.lead_to("rate", links.for_message)
        erasure.register()
        telling.register()
        vouched.register("appraisals", vouching.TABLES, vouching.check)
        frame.install()
