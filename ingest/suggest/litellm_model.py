"""A language model behind litellm, which speaks to every provider."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stratumiops.graph.errors import TimedOut, Unavailable

MAX_TOKENS = 2_000
"""Tokens of one answer."""


@dataclass(frozen=True, slots=True)
class LiteLLM:
    """See `ports.LanguageModel`.

    Args:
        model: as litellm names it, such as `openai/gpt-4.1-mini` or `ollama/llama3.2`.
        api_base: address of a provider of your own, or None.
        timeout_s: how long one answer may take, in seconds.
    """

    model: str
    api_key: str | None = field(default=None, repr=False)
    api_base: str | None = None
    timeout_s: float = 60.0

    async def answer(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
        """See `ports.LanguageModel`."""
        litellm = await asyncio.to_thread(_load)
        from openai import APITimeoutError, OpenAIError

        wanted = {"name": "suggestions", "schema": dict(schema), "strict": True}
        try:
            answer = await litellm.acompletion(
                model=self.model,
                messages=[dict(message) for message in messages],
                api_key=self.api_key,
                api_base=self.api_base,
                timeout=self.timeout_s,
                max_tokens=MAX_TOKENS,
                temperature=0,
                num_retries=0,
                drop_params=True,
                response_format={"type": "json_schema", "json_schema": wanted},
            )
        except APITimeoutError as error:
            message = f"The model {self.model} did not answer within {self.timeout_s:g} s."
            raise TimedOut(message, hint="Try again, or raise suggest.timeout_s.") from error
        except OpenAIError as error:  # every error of litellm is one
            status = getattr(error, "status_code", None)
            told = f"{type(error).__name__}{f', HTTP {status}' if status else ''}"
            message = f"The model {self.model} does not answer ({told})."
            raise Unavailable(message, hint="Look at suggest.model, suggest.api_key and suggest.api_base.") from error
        return str(answer.choices[0].message.content or "")


def _load() -> Any:
    """litellm, which takes seconds to load; it fetches no list of prices and sends nothing home."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    import litellm

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    return litellm
