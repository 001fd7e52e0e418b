"""Cedar, behind one class: policies parsed and validated once, questions answered or denied."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cedarpy

from openregie.policy.errors import PolicyInvalid
from openregie.policy.question import Action, Question
from openregie.policy.vocabulary import Vocabulary
from openregie.terms import Lane

SCHEMA = "schema.cedarschema"
_ID = re.compile(r"^@id\(\"([^\"]*)\"\)\s*$", re.MULTILINE)
_POLICY = re.compile(r"^(?:permit|forbid)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the engine said: allowed or not, and the policies that decided. No policy: default."""

    allowed: bool
    policies: tuple[str, ...]


FAULT = Verdict(allowed=False, policies=())


class Engine:
    """The policies of content/policies, ready to be asked.

    Raises `PolicyInvalid` when a policy does not parse, does not fit the schema, or has no @id.
    """

    def __init__(self, directory: Path, vocabulary: Vocabulary) -> None:
        """Read, validate and keep the policies, the schema and the entities."""
        schema = (directory / SCHEMA).read_text(encoding="utf-8")
        texts = {file.name: file.read_text("utf-8") for file in sorted(directory.glob("*.cedar"))}
        self.ids = _check(texts, schema)
        self._policies = cedarpy.PolicySet.from_str("\n".join(texts.values()))
        self._schema = cedarpy.Schema.from_str(schema)
        self._entities = cedarpy.Entities.from_json_str(json.dumps(_entities(vocabulary)))
        self._on = [name for name, on in vocabulary.switches.items() if on]

    def ask(self, questions: Sequence[Question]) -> list[Verdict]:
        """Answer questions whose names are all known, in order.

        INVARIANT: what the engine cannot judge (type error, unknown attribute, fault) is denied.
        """
        requests = [_request(one, self._on) for one in questions]
        try:
            answers = cedarpy.is_authorized_batch(
                requests, self._policies, self._entities, self._schema
            )
        except (ValueError, TypeError, RuntimeError):
            return [FAULT] * len(questions)
        return [_verdict(answer) for answer in answers]


def _verdict(answer: cedarpy.AuthzResult) -> Verdict:
    if answer.diagnostics.errors or answer.decision is cedarpy.Decision.NoDecision:
        return FAULT
    named = answer.diagnostics.id_annotations_by_reason
    return Verdict(answer.allowed, tuple(sorted(named[one] for one in answer.diagnostics.reasons)))


def _request(question: Question, switches: list[str]) -> dict[str, Any]:
    context: dict[str, Any] = {
        "purpose": _reference("Purpose", question.purpose),
        "switches": switches,
    }
    if question.action is Action.RECEIVE:
        context["lane"] = _reference("Lane", str(question.lane))
    if question.action is Action.OPEN:
        context |= {
            "permission": str(question.permission),
            "giver": str(question.giver),
            "ageBand": str(question.age),
        }
    principal = "Lane" if question.action is Action.COLLECT else "Team"
    return {
        "principal": {"type": principal, "id": question.who},
        "action": {"type": "Action", "id": str(question.action)},
        "resource": {"type": "Data", "id": question.data},
        "context": context,
    }


def _reference(kind: str, name: str) -> dict[str, Any]:
    return {"__entity": {"type": kind, "id": name}}


def _entities(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    def entity(kind: str, name: str, attrs: Mapping[str, str]) -> dict[str, Any]:
        return {"uid": {"type": kind, "id": name}, "attrs": dict(attrs), "parents": []}

    return [
        *(entity("Lane", str(lane), {}) for lane in Lane),
        *(entity("Team", one.id, {"kind": one.kind}) for one in vocabulary.teams.values()),
        *(entity("Purpose", one.id, {"kind": one.kind}) for one in vocabulary.purposes.values()),
        *(
            entity(
                "Data",
                one.id,
                {"law": one.law, "fact": one.fact, "compartment": one.compartment},
            )
            for one in vocabulary.data.values()
        ),
    ]


def _check(texts: Mapping[str, str], schema: str) -> tuple[str, ...]:
    """Return the @id of every policy; refuse a file that does not hold with the schema."""
    if not texts:
        raise PolicyInvalid("policies: there is no .cedar file; put the release's files back")
    ids: list[str] = []
    for name, text in texts.items():
        result = cedarpy.validate_policies(text, schema)
        if not result.validation_passed:
            raise PolicyInvalid(f"{name}: {_first(result.errors)}; mend it, or use the release's")
        found = _ID.findall(text)
        if len(found) != len(_POLICY.findall(text)):
            raise PolicyInvalid(f"{name}: a policy has no @id; write one above each")
        ids += found
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise PolicyInvalid(f"policies: @id `{min(twice)}` stands twice; rename one")
    return tuple(ids)


def _first(errors: Iterable[Any]) -> str:
    return next((" ".join(str(one.error).split()) for one in errors), "does not fit the schema")
