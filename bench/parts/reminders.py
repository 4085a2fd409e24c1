"""Reminders by e-mail to a local sink, and the verdicts that set them off."""

from bench import limits, measures
from bench.scene import Row, Scene


def work(scene: Scene) -> list[Row]:
    """The protocol of delivery alone, then with the presence looked at again before each letter."""
    count = scene.size.reminders
    mails = limits.mails_per_second(scene.smtp_port, count)
    plain = measures.plain_reminders_per_second(scene.seeded.slipped, scene.now)
    verdicts, presence = measures.presence_reminders_per_second(count, scene.now)
    return [
        Row("verdicts of a day", verdicts, "/s"),
        Row("reminders, the protocol", plain, "/s", None, mails, "one connection", ">= 200 /s"),
        Row("reminders of presence", presence, "/s", None, mails, "one connection", ""),
    ]
