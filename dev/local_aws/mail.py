"""The mail that the local AWS keeps instead of sending it: Cognito's codes and invitations."""

import json
import time
import urllib.request

from .settings import Settings


def url(settings: Settings) -> str:
    return f"{settings.endpoint}/_ministack/ses/messages"


def messages(settings: Settings) -> list[dict]:
    """Newest last, each with To, Subject, Timestamp, BodyText and BodyHtml."""
    with urllib.request.urlopen(url(settings), timeout=30) as answer:
        mails = [mail for mails in json.load(answer)["messages"].values() for mail in mails]
    return sorted(mails, key=lambda mail: mail["Timestamp"])


def show(settings: Settings) -> None:
    mails = messages(settings)
    if not mails:
        print("No mail yet.")
    for mail in mails:
        moment = time.strftime("%H:%M:%S", time.localtime(mail["Timestamp"]))
        print(f"{moment}  To {', '.join(mail['To'])}: {mail['Subject']}\n{mail['BodyText'] or mail['BodyHtml']}\n")
