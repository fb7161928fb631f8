// A slider over past days: the picture and its table are those of the day that it stands on. Without this script the
// field for the day and the links beside it do the same.
const part = document.querySelector("[data-past-days]");
const slider = part?.querySelector("input");
const output = part?.querySelector("output");
const field = document.getElementById("as_at");
// Days are written as people here write them.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
let asked = 0;

function chosenDay() {
  const day = new Date(`${part.dataset.today}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + Number(slider.value));
  return day;
}

function say() {
  const forms = [{ weekday: "long" }, { day: "numeric", month: "long", year: "numeric" }];
  const words = forms.map((form) => chosenDay().toLocaleDateString(language, { ...form, timeZone: "UTC" })).join(" ");
  const text = slider.value === "0" ? part.dataset.now : words;
  output.textContent = text;
  slider.setAttribute("aria-valuetext", text);
}

function address() {
  const query = new URLSearchParams(new FormData(field.form));
  for (const [name, value] of [...query]) if (!value) query.delete(name);
  return `${field.form.action}?${query}`;
}

async function draw() {
  field.value = slider.value === "0" ? "" : chosenDay().toISOString().slice(0, 10);
  const mine = ++asked;
  const to = address();
  const answer = await fetch(to);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.getElementById("drawn");
  // A later day may have been asked for meanwhile; and whoever is signed out is sent to sign in.
  if (mine !== asked) return;
  if (!answer.ok || !drawn) return window.location.assign(to);
  document.getElementById("drawn").replaceWith(document.adoptNode(drawn));
  document.querySelector(".app-past-days > p").replaceWith(document.adoptNode(page.querySelector(".app-past-days > p")));
  history.replaceState(null, "", to);
}

if (part) {
  part.hidden = false;
  say();
  slider.addEventListener("input", say);
  slider.addEventListener("change", draw);
}
