// The plain page: choose files, send them, watch the steps, fetch the report.
"use strict";

const api = "/api/v1/ingestion";
const french = navigator.language.startsWith("fr");
const words = french
  ? { choose: "Preuves : photos, PDF, documents, notes, journaux", send: "Envoyer",
      recent: "Lots récents", report: "Télécharger le rapport", lost: "Le serveur ne répond pas",
      processing: "en cours", completed: "terminé", failed: "échoué", cancelled: "annulé" }
  : { choose: "Evidence: photos, PDFs, documents, notes, logs", send: "Send",
      recent: "Recent batches", report: "Download the report", lost: "The server does not answer",
      processing: "in progress", completed: "completed", failed: "failed", cancelled: "cancelled" };
const at = (id) => document.getElementById(id);

document.documentElement.lang = french ? "fr" : "en";
for (const e of document.querySelectorAll("[data-say]")) e.textContent = words[e.dataset.say];

let shown = null; // the batch on the page
let stream = null;

function newId() { // randomUUID needs a secure context
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const h = Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
}

function complain(text) { at("problem").textContent = text; }

function addStep(step) {
  const line = document.createElement("li");
  const when = document.createElement("time");
  when.dateTime = step.timestamp;
  when.textContent = new Date(step.timestamp).toLocaleTimeString();
  const document_ = step.details && step.details.document;
  line.className = step.kind;
  line.append(when, " " + step.label + (document_ ? " : " + document_ : ""));
  at("steps").append(line);
  if (step.progress !== null && step.progress > at("done").value) at("done").value = step.progress;
}

function setStatus(status, reportUrl, error) {
  at("status").textContent = (words[status] || status) + (error ? " : " + error : "");
  at("links").replaceChildren();
  if (reportUrl) {
    const link = document.createElement("a");
    link.href = reportUrl;
    link.textContent = words.report;
    at("links").append(link);
  }
}

function follow(id, cursor) {
  if (stream) stream.close();
  stream = new EventSource(`${api}/events?batch_id=${encodeURIComponent(id)}&last_event_id=${cursor}`);
  stream.onmessage = (message) => {
    const told = JSON.parse(message.data);
    if (told.stage) addStep(told.stage);
    if (told.status) setStatus(told.status, told.reportUrl, told.error);
    if (told.status && told.status !== "processing") { stream.close(); listRecent(); }
  };
  stream.addEventListener("reset", () => show(id));
}

async function show(id) {
  const answer = await fetch(`${api}/batches/${encodeURIComponent(id)}`);
  if (!answer.ok) return complain((await answer.json()).detail);
  const batch = await answer.json();
  shown = id;
  at("batch").hidden = false;
  at("name").textContent = id;
  at("steps").replaceChildren();
  at("done").value = batch.progress;
  for (const step of batch.timeline || []) addStep(step);
  setStatus(batch.status, batch.report_url, batch.last_error);
  if (batch.status === "processing") follow(id, batch.event_cursor);
}

async function listRecent() {
  const answer = await fetch(`${api}/batches?limit=20`);
  if (!answer.ok) return;
  at("recent").replaceChildren(...(await answer.json()).items.map((batch) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = "#" + encodeURIComponent(batch.batch_id);
    link.textContent = batch.batch_id;
    line.append(link, ` ${words[batch.status] || batch.status}, ${new Date(batch.stored_at).toLocaleString()}`);
    return line;
  }));
}

function send(id, files) {
  const form = new FormData();
  form.append("client_batch_id", id);
  for (const file of files) form.append("files", file, file.name);
  const request = new XMLHttpRequest(); // fetch tells nothing of the progress of an upload
  request.open("POST", `${api}/batches`);
  request.responseType = "json";
  at("sent").hidden = false;
  at("send").disabled = true;
  request.upload.onprogress = (e) => { if (e.lengthComputable) at("sent").value = e.loaded / e.total; };
  request.onloadend = () => {
    at("sent").hidden = true;
    at("send").disabled = false;
    if (request.status === 202) {
      at("upload").reset();
      location.hash = encodeURIComponent(id);
      listRecent();
    } else {
      complain(request.response ? String(request.response.detail) : words.lost);
    }
  };
  request.send(form);
}

at("upload").addEventListener("submit", (event) => {
  event.preventDefault();
  complain("");
  send(newId(), at("files").files);
});

function fromHash() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id && id !== shown) show(id).catch(() => complain(words.lost));
}
window.addEventListener("hashchange", fromHash);
fromHash();
listRecent().catch(() => complain(words.lost));
