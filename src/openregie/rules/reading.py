"""One file of content/rules/ becomes a Rule; every mistake is named with its line and a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from openregie.rules.errors import ExpressionRefused, Problem
from openregie.rules.expressions import Binary, Call, Literal, Name, Node, parse
from openregie.rules.located import Form, Path_
from openregie.rules.meaning import Scope, group_scope, names_in, row_scope, unit_of
from openregie.rules.parameters import Parameter
from openregie.rules.rule import ActBy, Condition, FactSet, Group, Measure, Offer, Rule, Step
from openregie.rules.units import Unit
from openregie.rules.vocabulary import DAYS, FIELDS, Vocabulary
from openregie.rules.words import LANGUAGES, Words, faults, placeholders
from openregie.terms import Domain, Lane

_KEYS = frozenset(
    {"rule", "version", "lane", "law", "article", "certainty", "valid_from", "valid_until"}
    | {"domain", "purpose", "audience", "group", "period", "parameters", "over", "when", "values"}
    | {"act_by", "counterpart", "title", "text", "why", "never", "step", "offers"}
)
_RULE_NAME = r"[a-z][a-z0-9-]*"
_SET_NAME = r"[a-z][a-z0-9]*"
_WINDOWS = ("same", "months_before", "days_back", "days_ahead")
_WHERE = ("self", "near", "team")
_BUILT_IN = frozenset({"sources", "act_by"})
_MAX_PERIOD_MONTHS = 24
_LANE_OF_GROUP = {Group.ADDRESS: Lane.WGS, Group.READER: Lane.OWN_VIEW}


def read_rule(
    file: Path, vocabulary: Vocabulary, parameters: Mapping[str, Parameter]
) -> tuple[Rule | None, list[Problem]]:
    """The rule of one file, and every problem; None when it has one."""
    form = Form(file)
    if form.problems:
        return None, form.problems
    form.only((), _KEYS)
    rule = _Reading(form, vocabulary, parameters).rule()
    return (None, sorted(form.problems)) if form.problems else (rule, [])


@dataclass(frozen=True, slots=True)
class _Reading:
    form: Form
    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]

    def rule(self) -> Rule:
        form = self.form
        parameters = self._parameters()
        sets = tuple(self._set(name, parameters) for name in form.names("over"))
        if not sets:
            form.problem(("over",), "looks at no facts", "name a set: `over: {reports: ...}`")
        scope = group_scope(sets, parameters)
        rule = Rule(
            name=form.text("rule", pattern=_RULE_NAME),
            version=form.whole("version", least=1, most=10_000),
            lane=Lane(form.choice((Lane.WGS, Lane.OWN_VIEW), "lane")),
            law=form.text("law", pattern=_RULE_NAME),
            article=form.text("article"),
            certainty=form.choice(("sure", "verify"), "certainty"),
            valid_from=form.day("valid_from"),
            valid_until=form.last_day("valid_until"),
            domain=Domain(form.choice(tuple(Domain), "domain")),
            purpose_id=form.text("purpose", "id", pattern=_RULE_NAME),
            purpose=form.words("purpose"),
            audience=form.texts("audience"),
            group=Group(form.choice(tuple(Group), "group")),
            period_months=self._period(),
            sets=sets,
            parameters=parameters,
            conditions=tuple(self._condition(i, scope) for i in form.rows("when")),
            measures=tuple(self._measure(name, scope) for name in form.names("values")),
            act_by=self._act_by(scope),
            counterpart=form.text("counterpart", pattern=_RULE_NAME)
            if form.get("counterpart")
            else None,
            title=form.words("title"),
            text=form.words("text"),
            why=form.words("why"),
            never=form.words("never"),
            step=self._step(),
            offers=tuple(self._offer(i) for i in form.rows("offers")),
            file=form.file.name,
        )
        self._check_whole(rule)
        return rule

    def _parameters(self) -> tuple[Parameter, ...]:
        found = []
        for name in self.form.texts("parameters") if self.form.get("parameters") else ():
            if name in self.parameters:
                found.append(self.parameters[name])
            else:
                remedy = "add it to content/parameters/ or correct the name"
                self.form.problem(("parameters",), f"unknown parameter `{name}`", remedy)
        return tuple(found)

    def _period(self) -> int:
        if self.form.get("period") is None:
            return 0
        self.form.only(("period",), {"calendar_months"})
        return self.form.whole("period", "calendar_months", least=1, most=_MAX_PERIOD_MONTHS)

    def _set(self, name: str, parameters: tuple[Parameter, ...]) -> FactSet:
        form, path = self.form, ("over", name)
        form.only(path, {"facts", "within", "where"})
        if not name.isalnum() or not name.islower() or name in FIELDS or name in DAYS:
            form.problem(path, f"`{name}` cannot be the name of a set", "use one plain new word")
        kinds = form.texts(*path, "facts")
        known = tuple(kind for kind in kinds if kind in self.vocabulary.kinds)
        for kind in kinds:
            if kind not in known:
                remedy = f"choose one of: {', '.join(sorted(self.vocabulary.kinds))}"
                form.problem((*path, "facts"), f"unknown kind of fact `{kind}`", remedy)
        taken = {*DAYS, *(parameter.name for parameter in parameters)}
        fields = self.vocabulary.fields(known)
        usable = {field: what for field, what in fields.items() if field not in taken}
        scope = row_scope(usable, parameters)
        parts: list[Node] = [self._window(path, scope)] if form.get(*path, "within") else []
        if form.get(*path, "where") is not None:
            parts.append(self._parse((*path, "where"), scope, Unit.BOOLEAN))
        where = reduce(lambda one, other: Binary("and", one, other), parts) if parts else None
        return FactSet(name, known, where, usable)

    def _window(self, path: Path_, scope: Scope) -> Node:
        """`within: {date: field, days_ahead: 60}` as a condition on that date."""
        form, place = self.form, (*path, "within")
        form.only(place, {"date", *_WINDOWS})
        chosen = [window for window in _WINDOWS if form.get(*place, window) is not None]
        day = Name(form.text(*place, "date"))
        if len(chosen) != 1:
            remedy = f"choose one of: {', '.join(_WINDOWS)}"
            form.problem(place, "names no window, or more than one", remedy)
            return Literal(value=True, unit=Unit.BOOLEAN)
        window = chosen[0]
        if window == "same":
            form.choice(("period",), *place, window)
            node = _between(day, Name("period_start"), Name("period_end"))
        elif window == "months_before":
            start = Name("period_start")
            first = Binary("-", start, self._length(place, window, Unit.MONTHS))
            node = Binary("and", Binary(">=", day, first), Binary("<", day, start))
        else:
            today = Name("today")
            length = self._length(place, window, Unit.DAYS)
            back = window == "days_back"
            node = _between(
                day,
                Binary("-", today, length) if back else today,
                today if back else Binary("+", today, length),
            )
        self._demand(place, node, scope, Unit.BOOLEAN)
        return node

    def _length(self, place: Path_, window: str, unit: Unit) -> Node:
        """A number of days or months: written, or the name of a parameter."""
        if isinstance(self.form.get(*place, window), str):
            return Name(self.form.text(*place, window))
        number = self.form.whole(*place, window, least=0, most=36_500)
        return Call(str(unit), (Literal(number, Unit.NUMBER),))

    def _parse(self, path: Path_, scope: Scope, unit: Unit | None = None) -> Node:
        """An expression of the wanted unit; `true` when it cannot be read."""
        try:
            node = parse(self.form.text(*path))
        except ExpressionRefused as refused:
            what = f"`{path[-1]}`, column {refused.column}: {refused.what}"
            self.form.problem(path, what, refused.remedy)
            return Literal(value=True, unit=Unit.BOOLEAN)
        self._demand(path, node, scope, unit)
        return node

    def _demand(self, path: Path_, node: Node, scope: Scope, unit: Unit | None) -> Unit:
        try:
            found = unit_of(node, scope)
        except ExpressionRefused as refused:
            what = f"`{path[-1]}`, column {refused.column}: {refused.what}"
            self.form.problem(path, what, refused.remedy)
            return Unit.BOOLEAN
        if unit is not None and found is not unit:
            self.form.problem(path, f"`{path[-1]}` gives {found}", f"make it give a {unit}")
        return found

    def _condition(self, row: int, scope: Scope) -> Condition:
        self.form.only(("when", row), {"if", "nl", "en"})
        path = ("when", row, "if")
        test = self._parse(path, scope, Unit.BOOLEAN)
        return Condition(str(self.form.get(*path)), test, self.form.words("when", row))

    def _measure(self, name: str, scope: Scope) -> Measure:
        path = ("values", name)
        node = self._parse(path, scope)
        try:
            return Measure(name, node, unit_of(node, scope))
        except ExpressionRefused:  # already noted
            return Measure(name, node, Unit.BOOLEAN)

    def _act_by(self, scope: Scope) -> ActBy | None:
        if self.form.get("act_by") is None:
            return None
        self.form.only(("act_by",), {"date", "days", "working_days"})
        day = self._parse(("act_by", "date"), scope, Unit.DATE)
        days = self.form.whole("act_by", "days", least=0, most=3_650, missing=0)
        working = self.form.whole("act_by", "working_days", least=0, most=2_000, missing=0)
        if days and working:
            remedy = "keep `days` or `working_days`"
            self.form.problem(("act_by",), "counts days in two ways", remedy)
        return ActBy(day, days, working)

    def _step(self) -> Step:
        self.form.only(("step",), {"title", "minutes", "href"})
        minutes = self.form.whole("step", "minutes", least=1, most=240)
        return Step(self.form.words("step", "title"), minutes, self.form.text("step", "href"))

    def _offer(self, row: int) -> Offer:
        path: Path_ = ("offers", row)
        self.form.only(path, {"title", "text", "where", "minutes", "href"})
        minutes = None
        if self.form.get(*path, "minutes") is not None:
            minutes = self.form.whole(*path, "minutes", least=1, most=240)
        return Offer(
            self.form.words(*path, "title"),
            self.form.words(*path, "text"),
            self.form.choice(_WHERE, *path, "where"),
            minutes,
            self.form.text(*path, "href"),
        )

    def _check_whole(self, rule: Rule) -> None:
        form = self.form
        if form.file.stem.split(".")[0] != rule.name:
            form.problem(("rule",), "differs from the file's name", f"call it {rule.name}.yaml")
        if not rule.conditions:
            form.problem(("when",), "has no condition", "say when the rule applies")
        if rule.valid_until is not None and rule.valid_until < rule.valid_from:
            form.problem(("valid_until",), "lies before valid_from", "correct one of the two")
        self._check_lane(rule)
        self._check_period(rule)
        self._check_texts(rule)

    def _check_lane(self, rule: Rule) -> None:
        form = self.form
        if _LANE_OF_GROUP[rule.group] is not rule.lane:
            remedy = "wgs goes with address, own-view with reader"
            form.problem(("group",), "does not fit the lane", remedy)
        if rule.lane is Lane.OWN_VIEW and rule.audience != ("resident",):
            remedy = "write `audience: [resident]`"
            form.problem(("audience",), "own-view is for the resident alone", remedy)
        for one in rule.sets:
            for kind in one.kinds:
                if rule.lane not in self.vocabulary.kinds[kind].lanes:
                    what = f"facts of kind `{kind}` are not in lane {rule.lane}"
                    form.problem(("over", one.name), what, "leave them out")

    def _check_period(self, rule: Rule) -> None:
        if rule.period_months:
            return
        nodes = [one.where for one in rule.sets if one.where is not None]
        nodes += [condition.test for condition in rule.conditions]
        if any(name.startswith("period_") for node in nodes for name in names_in(node)):
            remedy = "add `period: {calendar_months: 1}`"
            self.form.problem(("over",), "looks at a period that is not given", remedy)

    def _check_texts(self, rule: Rule) -> None:
        known = {measure.name for measure in rule.measures} | _BUILT_IN
        known |= {parameter.name for parameter in rule.parameters}
        shown: list[tuple[Path_, Words]] = [((k,), getattr(rule, k)) for k in _SHOWN]
        shown += [(("when", i), c.words) for i, c in enumerate(rule.conditions)]
        shown += [(("step", "title"), rule.step.title)]
        for i, offer in enumerate(rule.offers):
            shown += [(("offers", i, "title"), offer.title), (("offers", i, "text"), offer.text)]
        for path, words in shown:
            own = {"value", "limit"} if path[0] == "when" else set()
            for language in LANGUAGES:
                unknown = placeholders(words.in_language(language)) - known - own
                self._check_placeholders((*path, language), unknown)
            for what, remedy in faults(words):
                self.form.problem((*path, "nl"), what, remedy)

    def _check_placeholders(self, path: Path_, unknown: Iterable[str]) -> None:
        for name in sorted(unknown):
            remedy = "add it under `values` or correct the name"
            self.form.problem(path, f"`{{{name}}}` is no value of this rule", remedy)


_SHOWN = ("title", "text", "why", "never")


def _between(day: Node, first: Node, last: Node) -> Node:
    return Binary("and", Binary(">=", day, first), Binary("<=", day, last))
