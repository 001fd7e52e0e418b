"""Tables of the log: commitments, and texts sealed to residents. Nothing says what they did."""

from __future__ import annotations

from django.db import models


class Chain(models.TextChoices):
    """Whose acts a chain of events tells: the run's, or the vault's own."""

    RUN = "run"
    VAULT = "vault"


class Entry(models.Model):
    """One event, from the moment of its act. `index` is its place in the tree, once sequenced.

    `sealed` is the event with its salt, readable with the resident's own key only; empty when the
    event was erased (then nobody can say any more what the commitment stood for). The tenant's own
    chain has no mailbox and is about no resident: there it is the event in the clear.
    """

    type = models.CharField(max_length=40)
    commit = models.CharField(max_length=64)
    mailbox = models.CharField(max_length=43)
    chain = models.CharField(max_length=8, choices=Chain)
    seq = models.PositiveBigIntegerField()
    day = models.DateField()
    sealed = models.TextField(blank=True)
    index = models.PositiveBigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "chain", "seq"], name="one_event_per_place"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="chain_starts_at_1"),
        ]
        indexes = [models.Index(fields=["index", "id"], name="waiting_for_a_place")]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Node(models.Model):
    """The hash of a full subtree: leaves [position * 2^level, (position + 1) * 2^level)."""

    level = models.PositiveSmallIntegerField()
    position = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "position"], name="one_hash_per_subtree")
        ]

    def __str__(self) -> str:
        return f"node {self.level}/{self.position}"


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root, as a C2SP note."""

    size = models.PositiveBigIntegerField(unique=True)
    note = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint {self.size}"
