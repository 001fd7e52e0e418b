"""Tables of the vault: public keys, wrapped private ones, sealed items. No plaintext."""

from __future__ import annotations

from django.db import models


class Resident(models.Model):
    """A mailbox whose owner enrolled once. `sealed_by`: the last hand-over sealed to these keys."""

    class State(models.TextChoices):
        """Whether the run may make an own view."""

        ENROLLED = "enrolled"
        WITHDRAWN = "withdrawn"

    mailbox = models.CharField(primary_key=True, max_length=43)
    state = models.CharField(max_length=9, choices=State)
    epoch = models.PositiveIntegerField()
    sealed_by = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(epoch__gte=1), name="epochs_start_at_1")
        ]

    def __str__(self) -> str:
        return f"resident, epoch {self.epoch}"


class KeyEpoch(models.Model):
    """One set of a resident's keys: the public halves."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="key_epochs")
    epoch = models.PositiveIntegerField()
    suite = models.CharField(max_length=2)
    compartments = models.JSONField()
    signing_key = models.CharField(max_length=128)
    added_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "epoch"], name="one_key_set_per_epoch")
        ]

    def __str__(self) -> str:
        return f"key epoch {self.epoch}"


class Wrap(models.Model):
    """The private halves of one epoch, each closed with one of the resident's means."""

    class Kind(models.TextChoices):
        """By what a wrap is opened."""

        CODE = "code"
        PASSKEY = "passkey"
        LETTER = "letter"
        DEVICE = "device"

    key_epoch = models.ForeignKey(KeyEpoch, on_delete=models.CASCADE, related_name="wraps")
    wrap_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    params = models.JSONField()
    blobs = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_epoch", "wrap_id"], name="one_wrap_per_name")
        ]

    def __str__(self) -> str:
        return f"wrap of kind {self.kind}"


class StoredItem(models.Model):
    """A sealed item at rest. `blob` is ciphertext; the other columns are its clear header."""

    mailbox = models.CharField(max_length=43)
    seq = models.PositiveBigIntegerField()
    kid = models.CharField(max_length=16)
    suite = models.CharField(max_length=2)
    day = models.DateField()
    bucket = models.PositiveIntegerField()
    message = models.JSONField(null=True)
    blob = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "seq"], name="one_item_per_place"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="items_start_at_1"),
        ]

    def __str__(self) -> str:
        return f"item {self.seq}"


class HandOver(models.Model):
    """A hand-over, taken in or on its way.

    `reached` is the last mailbox that was done; of the one after it, `reached_lines` lines were.
    """

    class State(models.TextChoices):
        """How far the intake is."""

        TAKING = "taking"
        TAKEN = "taken"

    number = models.PositiveBigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    day = models.DateField()
    state = models.CharField(max_length=6, choices=State)
    reached = models.CharField(max_length=43, blank=True)
    reached_lines = models.PositiveBigIntegerField(default=0)
    items_added = models.PositiveBigIntegerField(default=0)
    items_removed = models.PositiveBigIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"hand-over {self.number}"


class Relation(models.Model):
    """What the run states about mailboxes: household bundle, number of adults, next epoch due."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="relations")
    mailbox = models.CharField(max_length=43, db_index=True)
    statement = models.JSONField()

    def __str__(self) -> str:
        return f"relation {self.pk}"


class Label(models.Model):
    """Address labels of invitations, sealed to the print house."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="labels")
    sealed = models.JSONField()

    def __str__(self) -> str:
        return f"label {self.pk}"


class TeamItem(models.Model):
    """A signal that the law gives to a team, sealed to its key; kept back until `release_on`."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="team_items")
    team = models.CharField(max_length=64)
    ref = models.CharField(max_length=32)
    release_on = models.DateField()
    sealed = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "ref"], name="one_team_item_per_name")
        ]

    def __str__(self) -> str:
        return f"team item {self.pk}"


class Return(models.Model):
    """A sealed return on its way to the run's inbox. `body` is emptied once it lies there."""

    return_id = models.CharField(max_length=16, unique=True)
    stream = models.CharField(max_length=16)
    mailbox = models.CharField(max_length=43)
    body = models.TextField(blank=True)
    proof_of = models.PositiveBigIntegerField(null=True)
    proof = models.TextField(blank=True)
    due_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"return {self.pk}"
