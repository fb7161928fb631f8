// Saves a form while somebody writes in it, by sending it as its button does; without this script the button does it.
// Every saving is a step of the record's history, so it waits for a pause and for some time since the last one.
const PAUSE_MS = 4_000;
const BETWEEN_MS = 30_000;

const form = document.querySelector("form[data-autosave]");
const status = document.getElementById("saved");
let timer = null;
let savedAt = 0;
let isSaving = false;
let isStopped = false;
let kept = "";

const WAS = "was.";
const isHidden = (name) => ["proof", "key", "version"].includes(name) || name.startsWith(WAS);

const written = () => {
  const data = new FormData(form);
  for (const name of [...data.keys()].filter(isHidden)) data.delete(name);
  return new URLSearchParams(data).toString();
};

function say(text, isProblem = false) {
  status.textContent = text;
  status.classList.toggle("govuk-error-message", isProblem);
}

function later() {
  if (isStopped || written() === kept) return;
  say(form.dataset.unsaved);
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(PAUSE_MS, savedAt + BETWEEN_MS - Date.now()));
}

// The answer is the page again: its form has the version and the key for the next time, and the marks of what was sent.
// Where somebody else wrote meanwhile, the mark stays that of what is shown here, so that nothing of theirs is put back.
function take(answered, sent) {
  for (const name of ["key", "version"]) form.elements[name].value = answered.elements[name].value;
  for (const mark of form.querySelectorAll(`input[name^="${WAS}"]`)) {
    const name = mark.name.slice(WAS.length);
    const isOurs = answered.elements[name]?.value.trim() === sent.get(name)?.replaceAll("\r\n", "\n").trim();
    if (isOurs) mark.value = answered.elements[mark.name].value;
  }
}

async function save() {
  clearTimeout(timer);
  const sent = written();
  if (isSaving || isStopped || sent === kept) return;
  isSaving = true;
  say(form.dataset.saving);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const answered = page.querySelector("form[data-autosave]");
    if (!answer.ok || !answered) throw new Error(page.querySelector(".govuk-error-summary__body")?.innerText.trim() ?? "");
    take(answered, new URLSearchParams(sent));
    kept = sent;
    savedAt = Date.now();
    say(`${form.dataset.saved} ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`);
  } catch (error) {
    // What went wrong is for the person to mend: trying on would only repeat it.
    isStopped = true;
    say(`${form.dataset.failed} ${error instanceof TypeError ? "" : error.message}`.trim(), true);
  } finally {
    isSaving = false;
  }
  if (written() !== kept) later();
}

if (form) {
  kept = written();
  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    isStopped = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
}
