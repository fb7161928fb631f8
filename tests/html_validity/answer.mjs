// Answers each page, which comes in as a line of JSON, with a line of JSON: what is wrong with its HTML.
import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const CONFIG = {
  root: true,
  extends: ["html-validate:standard", "html-validate:document"],
  rules: {
    // The design system's error summary stands above the page's h1.
    "heading-level": ["error", { minInitialRank: "h2" }],
    // Every file comes from here, and nothing could stand between.
    "require-sri": "off",
  },
};
const validator = new HtmlValidate(new StaticConfigLoader(CONFIG));

for await (const line of createInterface({ input: process.stdin })) {
  const { results } = await validator.validateString(JSON.parse(line));
  const mistakes = results.flatMap(({ messages }) =>
    messages.map((one) => `line ${one.line}: ${one.message} (${one.ruleId})`),
  );
  process.stdout.write(`${JSON.stringify(mistakes)}\n`);
}
