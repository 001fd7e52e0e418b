"""`openregie policy`: ask the policy, and see what a change would change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from openregie.cli import options
from openregie.cli.outcome import EXIT_CODES_HELP, Stop, report
from openregie.policy.book import PolicyBook
from openregie.policy.decision import Decision
from openregie.policy.question import Action, AgeBand, Giver, Permission, Question
from openregie.policy.table import Permit, compare
from openregie.terms import Lane


@click.group("policy", epilog=EXIT_CODES_HELP)
def command() -> None:
    """Ask who may see what, by which article, and what a change would change.

    Who opens what a resident shares:  openregie policy explain --team schuldhulp --law jeugdwet
    --purpose debt-help-plan
    """


def _choice(values: Iterable[str]) -> click.Choice[str]:
    return click.Choice([str(one) for one in values])


@command.command("explain", epilog=EXIT_CODES_HELP)
@options.content
@click.option("--team", required=True, help="A team of teams.yaml, by id or by its Dutch name.")
@click.option("--law", required=True, help="The law the data were collected under: jeugdwet.")
@click.option("--fact", help="Which data of that law; without it, each of them.")
@click.option("--purpose", required=True, help="A purpose of purposes.yaml: debt-help-plan.")
@click.option("--permission", type=_choice(Permission), default="none", show_default=True)
@click.option("--giver", type=_choice(Giver), default="self", show_default=True)
@click.option("--age", type=_choice(AgeBand), default="adult", show_default=True)
@click.option(
    "--lane",
    type=_choice(Lane),
    help="Ask what the law gives when an item is sealed in this lane, instead of a sharing.",
)
@options.as_json
def explain(
    content: Path,
    team: str,
    law: str,
    fact: str | None,
    purpose: str,
    permission: str,
    giver: str,
    age: str,
    lane: str | None,
    as_json: bool,
) -> None:
    """Say whether a team may see data for a purpose, by which article, or what it can do instead.

    Every answer names the deciding policy. A refusal by default names the permit it came nearest
    to, the condition that failed, and the lawful way.
    """
    book = PolicyBook(content / "policies")
    facts = [one.fact for one in book.vocabulary.data.values() if one.law == law]
    if not facts:
        known = ", ".join(dict.fromkeys(one.law for one in book.vocabulary.data.values()))
        raise Stop("no data of that law are declared", remedy=f"name one of: {known}")
    decisions = [
        book.authorize(
            Question(
                action=Action.RECEIVE if lane else Action.OPEN,
                who=_team(book, team),
                law=law,
                fact=one,
                purpose=purpose,
                lane=Lane(lane or Lane.OWN_VIEW),
                permission=Permission(permission),
                giver=Giver(giver),
                age=AgeBand(age),
            )
        )
        for one in ([fact] if fact else facts)
    ]
    told = [_told(book, one) for one in decisions]
    lines = "\n\n".join(_lines(one) for one in told)
    report({"policy": book.digest, "decisions": told}, as_json=as_json, lines=lines)


@command.command("diff", epilog=EXIT_CODES_HELP)
@click.argument("before", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("after", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.as_json
def diff(before: Path, after: Path, as_json: bool) -> None:
    """Show who gains and who loses access between two content folders, BEFORE and AFTER.

    Every question that can be asked is put to both: each team, kind of data, purpose, permission,
    giver and age. Read it before a policy is released.
    """
    old, new = PolicyBook(before / "policies"), PolicyBook(after / "policies")
    found = compare(old, new)
    told = {
        "before": old.digest,
        "after": new.digest,
        "gained": [_permit(one) for one in found.gained],
        "lost": [_permit(one) for one in found.lost],
        "questionsAnsweredOtherwise": found.questions,
    }
    lines = [f"gains  {_row(one)}" for one in found.gained]
    lines += [f"loses  {_row(one)}" for one in found.lost]
    lines.append(
        f"{len(found.gained)} gained, {len(found.lost)} lost; "
        f"{found.questions} single questions are answered otherwise"
    )
    report(told, as_json=as_json, lines="\n".join(lines))


def _team(book: PolicyBook, name: str) -> str:
    for one in book.vocabulary.teams.values():
        if name in {one.id, one.name["nl"], one.name["en"]}:
            return one.id
    known = ", ".join(book.vocabulary.teams)
    raise Stop(
        "no team is called so; it would be denied everything", remedy=f"name one of: {known}"
    )


def _told(book: PolicyBook, decision: Decision) -> dict[str, Any]:
    asked, routes = decision.question, book.vocabulary.routes
    refusal, article = decision.refusal, decision.article
    return {
        "allowed": decision.allowed,
        "team": asked.who,
        "data": asked.data,
        "purpose": asked.purpose,
        "policies": [one.id for one in decision.articles],
        "law": article.law if article else None,
        "article": article.article if article else None,
        "certainty": article.certainty if article else None,
        "failed": refusal.failed if refusal else None,
        "unknown": refusal.unknown if refusal else None,
        "nearest": refusal.nearest.id if refusal and refusal.nearest else None,
        "nl": decision.sentence(routes, "nl"),
        "en": decision.sentence(routes, "en"),
    }


def _lines(told: dict[str, Any]) -> str:
    answer = "yes" if told["allowed"] else "no"
    decided = ", ".join(told["policies"]) or "default: what no law names is denied"
    lines = [
        f"{answer}: {told['team']} and {told['data']} for {told['purpose']}",
        f"  decided by  {decided}",
    ]
    if told["article"]:
        by = "by" if told["policies"] else "nearest to"
        nearest = f" ({told['nearest']})" if told["nearest"] else ""
        lines.append(f"  {by}  {told['law']} {told['article']}, {told['certainty']}{nearest}")
    if told["failed"]:
        lines.append(
            f"  failed  {told['failed']}" + (f" ({told['unknown']})" if told["unknown"] else "")
        )
    return "\n".join([*lines, f"  nl  {told['nl']}", f"  en  {told['en']}"])


def _permit(one: Permit) -> dict[str, str]:
    return {
        "policy": one.policy,
        "action": str(one.action),
        "team": one.team,
        "data": one.data,
        "purpose": one.purpose,
    }


def _row(one: Permit) -> str:
    how = "by law" if one.action is Action.RECEIVE else "when shared"
    return f"{one.team} {one.data} for {one.purpose} ({how}, {one.policy})"
