import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Mask } from "../net/mask.ts";

/** Collects the spans that ended, every text of theirs masked. */
export function collector(spans: ReadableSpan[], mask: Mask): SpanProcessor {
  return {
    onStart: () => {},
    onEnding: (span) => {
      span.updateName(mask(span.name));
      const { code, message } = span.status;
      if (message !== undefined) span.setStatus({ code, message: mask(message) });
      span.setAttributes(masked(span.attributes, mask));
      for (const event of span.events) event.attributes = masked(event.attributes ?? {}, mask);
    },
    onEnd: (span) => {
      spans.push(span);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function masked(attributes: Attributes, mask: Mask): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, maskedValue(value, mask)]),
  );
}

function maskedValue(value: AttributeValue | undefined, mask: Mask): AttributeValue | undefined {
  if (typeof value === "string") return mask(value);
  // The SDK admits only arrays of one type.
  if (Array.isArray(value))
    return value.map((item) => (typeof item === "string" ? mask(item) : item)) as string[];
  return value;
}
