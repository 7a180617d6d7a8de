"""The outside sign-on: a county's or province's OpenID Connect provider, named by the operator.

The protocol itself (discovery, PKCE, state, nonce, the signature of the id token) is Authlib's. It is imported only when
somebody signs in that way, so that it costs the other processes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SCOPE = "openid profile"


class ProviderFailed(Exception):
    """The provider refused, could not be reached, or sent something that does not hold."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who the provider says this is."""

    issuer: str
    subject: str
    name: str
    second: bool  # the provider checked a second factor, in a way that the operator accepts


def offered() -> bool:
    """Whether this deployment has an outside sign-on."""
    return bool(settings.HUYING_OIDC_ISSUER and settings.HUYING_OIDC_CLIENT)


@lru_cache(maxsize=2)
def _client(issuer: str, client: str, secret: str) -> Any:
    from authlib.integrations.django_client import OAuth

    registry = OAuth()
    return registry.register(
        "provider",
        client_id=client,
        client_secret=secret or None,
        server_metadata_url=issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": SCOPE,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
            "default_timeout": 10,
        },
    )


def client() -> Any:
    """The provider as Authlib sees it."""
    return _client(settings.HUYING_OIDC_ISSUER, settings.HUYING_OIDC_CLIENT, settings.HUYING_OIDC_SECRET)


def send(request: HttpRequest, back: str) -> HttpResponse:
    """Send the browser to the provider; it returns to the address *back*. Raises ProviderFailed."""
    try:
        answer: HttpResponse = client().authorize_redirect(request, back)
    except Exception as error:  # the network, or a provider that is not one
        raise ProviderFailed(type(error).__name__) from error
    return answer


def received(request: HttpRequest) -> Known:
    """Who came back from the provider, everything about the answer having been checked. Raises ProviderFailed."""
    try:
        token = client().authorize_access_token(request)
        told = token["userinfo"]
        issuer, subject = str(told["iss"]), str(told["sub"])
    except Exception as error:
        raise ProviderFailed(type(error).__name__) from error
    if issuer.rstrip("/") != settings.HUYING_OIDC_ISSUER.rstrip("/") or not subject:
        raise ProviderFailed("issuer")
    accepted = set(settings.HUYING_OIDC_SECOND)
    second = bool(accepted & {str(told.get("acr") or ""), *(str(one) for one in told.get("amr") or ())})
    return Known(issuer, subject, str(told.get("name") or ""), second)
