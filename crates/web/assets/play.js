// The index of a recording: each part leads to its moment in its file. Without this script the same links open the file at that moment.

// A film from a browser's recorder has no length and no index. Going far beyond its end once makes the browser read it whole, and after
// that every moment can be reached.
const measured = (film) => new Promise((done) => {
  if (film.readyState > 0 && Number.isFinite(film.duration)) { done(); return; }
  const look = () => {
    if (Number.isFinite(film.duration)) {
      film.currentTime = 0;
      ["durationchange", "timeupdate"].forEach((name) => film.removeEventListener(name, look));
      done();
    }
  };
  ["durationchange", "timeupdate"].forEach((name) => film.addEventListener(name, look));
  const far = () => { film.currentTime = 1e9; };
  if (film.readyState > 0) far(); else film.addEventListener("loadedmetadata", far, { once: true });
});

const films = new Map([...document.querySelectorAll("video[data-file]")].map((film) => [film.dataset.file, { film, ready: measured(film) }]));
const told = document.getElementById("play-told");

for (const link of document.querySelectorAll("a[data-at]")) {
  link.addEventListener("click", async (event) => {
    const found = films.get(link.dataset.in);
    if (!found) return;
    event.preventDefault();
    const { film, ready } = found;
    await ready;
    for (const other of films.values()) if (other.film !== film) other.film.pause();
    film.currentTime = Number(link.dataset.at);
    film.scrollIntoView({ block: "nearest" });
    document.querySelector("[aria-current=true]")?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    told.textContent = link.closest("li")?.querySelector("[data-text]")?.textContent ?? "";
    film.play().catch(() => { /* The person presses play herself. */ });
  });
}
