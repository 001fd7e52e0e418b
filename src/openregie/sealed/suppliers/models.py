"""Tables of the suppliers' door: who may deliver what, and what came. No row of a delivery."""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """One supplier that delivers over the API.

    `secret_hash` is the SHA-256 of 32 random bytes as text. `generation` counts the secrets: a
    token of an earlier one is worth nothing.
    """

    client_id = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=200)
    oin = models.CharField(max_length=40)
    streams = models.JSONField()
    secret_hash = models.CharField(max_length=64)
    generation = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["oin"], condition=models.Q(ended_at=None), name="one_account_per_oin"
            )
        ]

    def __str__(self) -> str:
        return f"account {self.client_id}"


class Delivery(models.Model):
    """One accepted delivery: its manifest as the run reads it, and its log entry with the salt.

    `written_at` is None until the manifest stands in the inbox.
    """

    delivery_id = models.CharField(max_length=16, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="deliveries")
    stream = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    manifest = models.JSONField()
    receipt = models.JSONField()
    received_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stream", "sha256"], name="one_delivery_per_digest"
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.delivery_id}"
