// Reads exports with the tools that they are made for, and tells which states and ways each tool found in them: from
// JSON to JSON. An export that its tool refuses is an error that says why.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import vm from "node:vm";

import { instance } from "@viz-js/viz";
import { parseHTML } from "linkedom";

const require = createRequire(import.meta.url);

// Mermaid's build is a script for a page: it cleans labels by the page's own means.
function loadMermaid() {
  const { window } = parseHTML("<!doctype html><html><body></body></html>");
  Object.assign(globalThis, { window, document: window.document });
  vm.runInThisContext(readFileSync(require.resolve("@mermaid-js/tiny"), "utf8"));
  return globalThis.mermaid;
}

const mermaid = loadMermaid();
const graphviz = await instance();
const scion = require("@scion-scxml/scxml");

async function readMermaid(text) {
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const isState = (id) => id !== "root_start" && id !== "root_end";
  return {
    begins: db.getRelations().filter(({ id1 }) => id1 === "root_start").map(({ id2 }) => id2),
    states: [...db.getStates().keys()].filter(isState),
    ways: db.getRelations().map(({ id1, id2 }) => [id1, id2]).filter((ends) => ends.every(isState)),
  };
}

function readGraphviz(text) {
  const { objects, edges } = graphviz.renderJSON(text);
  const name = (index) => objects[index].name;
  const isStart = ({ tail }) => name(tail) === "(start)";
  return {
    begins: edges.filter(isStart).map(({ head }) => name(head)),
    states: objects.map((object) => object.name).filter((found) => found !== "(start)"),
    ways: edges.filter((edge) => !isStart(edge)).map(({ tail, head }) => [name(tail), name(head)]),
  };
}

async function readScion(text) {
  const document = await promisify(scion.documentStringToModel)("export.scxml", text);
  const model = await promisify(document.prepare.bind(document))();
  const chart = new scion.core.Statechart(model);
  chart.start();
  const { states } = model();
  return {
    begins: chart.getConfiguration(),
    states: states.map(({ id }) => id),
    ways: states.flatMap(({ id, transitions = [] }) => transitions.map(({ target }) => [id, target])),
  };
}

const TOOLS = { mmd: readMermaid, dot: readGraphviz, scxml: readScion };

async function read({ form, text }) {
  try {
    return await TOOLS[form](text);
  } catch (refused) {
    return { error: String(refused.message ?? refused) };
  }
}

const found = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) found.push(await read(one));
process.stdout.write(JSON.stringify(found));
