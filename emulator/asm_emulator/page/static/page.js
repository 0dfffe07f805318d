// Keeps an open page as the emulator is: waits for its number to change, then replaces the parts that differ.
"use strict";

const live = document.getElementById("live");
const view = document.querySelector("main[data-live]");

function say(text, state) {
  if (live.textContent !== text) live.textContent = text;
  live.className = state;
}

// -- parts ----------------------------------------------------------------------------------------------------------

function busy(part) {
  const at = document.activeElement;
  return part.contains(at) && at.closest("form") && at.matches("input, select, textarea");
}

function put(part, fresh) {
  if (busy(part)) return; // whoever types is not disturbed
  const open = new Map([...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
  const scrolled = [...part.querySelectorAll(".scroll, pre")].map((one) => [one.scrollLeft, one.scrollTop]);
  const at = part.contains(document.activeElement) ? focusable(part).indexOf(document.activeElement) : -1;
  const next = document.importNode(fresh, true);
  part.replaceWith(next);
  for (const one of next.querySelectorAll("details[id]")) if (open.has(one.id)) one.open = open.get(one.id);
  next.querySelectorAll(".scroll, pre").forEach((one, place) => {
    if (scrolled[place]) [one.scrollLeft, one.scrollTop] = scrolled[place];
  });
  if (at >= 0) focusable(next)[at]?.focus({ preventScroll: true });
  next.classList.add("fresh");
  prepare(next);
}

function focusable(part) {
  return [...part.querySelectorAll("a[href], button, input, select, summary, [tabindex]")];
}

async function refresh(all = false) {
  const address = new URL(view.dataset.live, location.href);
  address.searchParams.set("part", "1");
  const have = [...view.querySelectorAll(":scope > .part")].map((one) => one.dataset.version).join(" ");
  const headers = all || have.length > 6000 ? {} : { "X-Have": have };
  const answer = await fetch(address, { redirect: "error", headers });
  if (!answer.ok) throw new Error(answer.status);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const wanted = [...fresh.querySelectorAll(":scope > .part")];
  const differs = (one) => document.getElementById(one.id)?.dataset.version !== one.dataset.version;
  if (wanted.some((one) => "same" in one.dataset && differs(one))) return refresh(true); // it was changed meanwhile
  const names = new Set(wanted.map((one) => one.id));
  for (const part of view.querySelectorAll(":scope > .part")) if (!names.has(part.id)) part.remove();
  let last = null;
  for (const one of wanted) {
    const part = document.getElementById(one.id);
    if (!part) {
      const added = document.importNode(one, true);
      if (last) last.after(added);
      else view.append(added);
      prepare(added);
    } else if (part.dataset.version !== one.dataset.version) put(part, one);
    last = document.getElementById(one.id);
  }
  view.dataset.revision = fresh.dataset.revision;
  clock(fresh.dataset.now, "frozen" in fresh.dataset);
}

// The emulator's time in the header.
function clock(now, frozen) {
  const time = document.querySelector("#now time");
  if (!time) return;
  time.dateTime = now;
  time.textContent = said(new Date(now));
  if (frozen) delete time.dataset.from;
  else time.dataset.from = String(Date.parse(now) - Date.now());
  const badge = document.querySelector("#now .badge");
  badge.textContent = frozen ? "paused" : "running";
  badge.className = `badge ${frozen ? "held" : "ready"}`;
}

const said = (time) => time.toISOString().slice(0, 19).replace("T", " ");

async function follow() {
  let wait = 250;
  say("live", "on");
  for (;;) {
    try {
      const began = performance.now();
      const answer = await fetch(`/page/changes?after=${view.dataset.revision}`);
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      const number = await answer.text();
      say("live", "on");
      if (number !== view.dataset.revision) await refresh();
      else if (performance.now() - began < 1000) await pause(1000);
      wait = 250;
    } catch (problem) {
      say("the emulator does not answer", "off");
      await pause(wait);
      wait = Math.min(wait * 2, 5000);
    }
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// -- what needs a script --------------------------------------------------------------------------------------------

function prepare(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
  }
  for (const time of root.querySelectorAll("time[data-ticks]")) {
    time.dataset.from = String(Date.parse(time.dateTime) - Date.now());
  }
  const answer = root.querySelector("select[name=answer]");
  if (answer) {
    const fit = () => {
      for (const field of root.querySelectorAll("[data-of]")) {
        field.hidden = !field.dataset.of.split(" ").includes(answer.value);
        for (const input of field.querySelectorAll("input, select")) input.disabled = field.hidden;
      }
    };
    answer.addEventListener("change", fit);
    fit();
  }
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-from]")) {
    const text = said(new Date(Date.now() + Number(time.dataset.from)));
    if (time.textContent !== text) time.textContent = text;
  }
}, 250);

setInterval(() => {
  if (!document.hidden && document.querySelector("[data-running]")) refresh().catch(() => {});
}, 1000);

function target() {
  const found = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (found && found.tagName === "DETAILS") found.open = true;
}
addEventListener("hashchange", target);

prepare(document);
target();
// On a phone the views do not fit beside each other.
const tab = document.querySelector("nav [aria-current]");
if (tab) tab.closest("ul").scrollLeft = tab.offsetLeft - tab.closest("ul").offsetLeft - 40;
if (view) follow();
