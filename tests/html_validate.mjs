// Answers each page (one JSON string per line) with its faults (one JSON list per line). Started once per test worker
// by tests/html_validation.py: node takes longer to start than a page takes to be read.
import { createInterface } from "node:readline";
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y"],
  rules: {
    // The standard allows both spellings; templates use one, and the formatter of templates watches it.
    "void-style": "off",
    "no-trailing-whitespace": "off",
    "long-title": "off",
    // hx-* are htmx's own attributes.
    "attribute-boolean-style": "off",
    // A list may carry a name: ARIA allows it for every role that can be named.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    "input-missing-label": "error",
    "no-inline-style": "error",
    "require-sri": "off",
  },
});

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line));
  const faults = report.results.flatMap((result) =>
    result.messages.map((m) => `${m.line}:${m.column} ${m.message} [${m.ruleId}]`),
  );
  process.stdout.write(JSON.stringify(faults) + "\n");
}
