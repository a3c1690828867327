"""The emoticons of wiki markup and the emoji Jira Cloud makes of them."""

import re

EMOJI = {
    ":)": ("slight_smile", "🙂"),
    ":(": ("disappointed", "😞"),
    ":P": ("stuck_out_tongue", "😛"),
    ":D": ("smiley", "😃"),
    ";)": ("wink", "😉"),
    "(y)": ("thumbsup", "👍"),
    "(n)": ("thumbsdown", "👎"),
    "(i)": ("info", "ℹ️"),  # noqa: RUF001 - the sign itself is meant
    "(/)": ("check_mark", "✅"),
    "(x)": ("cross_mark", "❌"),
    "(!)": ("warning", "⚠️"),
    "(+)": ("plus", "➕"),  # noqa: RUF001 - the sign itself is meant
    "(-)": ("minus", "➖"),  # noqa: RUF001 - the sign itself is meant
    "(?)": ("question", "❓"),
    "(on)": ("light_bulb_on", "💡"),
    "(off)": ("light_bulb_off", "💡"),
    "(*)": ("yellow_star", "⭐"),
}

PATTERN = "|".join(re.escape(sign) for sign in sorted(EMOJI, key=len, reverse=True))
