"""A refusal 拒绝: what every desk raises when it will not do what was asked, with a sentence a cashier can act on."""

from datetime import date


class Refused(Exception):
    """What was refused, why, since when, and the next step.

    code    stable, such as `VISIT-03`; never reused for another reason
    place   where in the request, such as `feedetail[3].med_list_codg`
    since   the day from which the reason holds
    clause  what the refusal rests on, where it is a rule and not a fact
    """

    def __init__(
        self, code: str, zh: str, en: str, *, place: str = "", since: date | None = None, next_zh: str = "", next_en: str = "",
        clause: str = "",
    ) -> None:
        """Keep the parts; `str()` of it is the Chinese sentence."""
        self.code, self.zh, self.en, self.place, self.since = code, zh, en, place, since
        self.next_zh, self.next_en, self.clause = next_zh, next_en, clause
        super().__init__(self.sentence("zh"))

    @property
    def step(self) -> dict[str, str]:
        """The next step in both languages."""
        return {"zh": self.next_zh, "en": self.next_en}

    def sentence(self, lang: str) -> str:
        """The whole sentence in `zh` or `en`: place, reason, since, next step, clause."""
        chinese = lang == "zh"
        parts = [f"{self.place}：" if chinese and self.place else f"{self.place}: " if self.place else "", self.zh if chinese else self.en]
        if self.since is not None:
            parts.append(f"（自 {self.since} 起）" if chinese else f" (since {self.since})")
        step = self.next_zh if chinese else self.next_en
        if step:
            parts.append(step if chinese else f" {step}")
        if self.clause:
            parts.append(f"〔{self.clause}〕")
        return "".join(parts)
