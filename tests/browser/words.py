"""How the dashboard writes figures, said a second time and independently of it."""

import datetime
import decimal


def rounded(value, digits):
    unit = decimal.Decimal(1).scaleb(-digits)
    return decimal.Decimal(str(value)).quantize(unit, rounding=decimal.ROUND_HALF_UP)


def count(value):
    return f"{int(value):,}"


def number(value, digits):
    return f"{rounded(value, digits):,}"


def money(value, digits=2):
    return f"£{rounded(value, digits):,}"


def money_short(value):
    """£5.36m: three digits that matter, the least place is rounded."""
    amount = decimal.Decimal(str(value))
    for places, letter in ((9, "bn"), (6, "m"), (3, "k")):
        if amount >= 10**places:
            moved = amount.scaleb(-places)
            return money(moved, 2 if moved < 10 else 1 if moved < 100 else 0) + letter
    return money(amount, 0)


def percent(value, digits=1):
    return f"{rounded(value, digits):,}%"


def share(part, whole, digits=1):
    return percent(decimal.Decimal(part) * 100 / decimal.Decimal(whole), digits)


def date(text):
    """1 May 2026."""
    day = datetime.date.fromisoformat(str(text)[:10])
    return f"{day.day} {day:%b} {day.year}".replace("Sep ", "Sept ")


def cluster(number):
    return {-1: "Outliers by spend", -2: "Outliers by orders", -3: "Outliers by both"}.get(int(number), f"Cluster {number}")
