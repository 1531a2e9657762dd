// Moments in the reader's own zone. Without this script they are in UTC.
(function () {
  "use strict";
  var full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  var hour = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  var day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

  function rewrite(selector, attribute, format) {
    document.querySelectorAll(selector).forEach(function (element) {
      var at = new Date(element.getAttribute(attribute));
      if (isNaN(at)) return;
      if (element.tagName === "TIME") element.title = element.textContent;
      element.textContent = format.format(at);
    });
  }
  rewrite("time[datetime]", "datetime", full);
  rewrite("[data-hour]", "data-hour", hour);
  rewrite("[data-day]", "data-day", day);

  document.querySelectorAll("[data-zone]").forEach(function (input) {
    input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  });

  // A second press while the first is on its way would only make people wait.
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "post") return;
    event.target.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
  });
  // A page that comes back from the browser's memory must be usable.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("button").forEach(function (button) { button.disabled = false; });
  });

  // Says when a page is no longer true; what somebody types in it stays.
  document.querySelectorAll("[data-news]").forEach(function (note) {
    function ask() {
      if (document.hidden) return;
      fetch(note.dataset.news).then(function (answer) {
        if (answer.status === 204) return;
        clearInterval(again);
        note.hidden = answer.status !== 200;
      }, function () {});
    }
    var again = setInterval(ask, 10000);
    document.addEventListener("visibilitychange", ask);
  });

  document.body.dataset.ready = "1";

  // What is wrong is where the reader looks first.
  var wrong = document.querySelector("details[open] [aria-invalid], details[open] .problem");
  if (wrong) wrong.scrollIntoView({ block: "center" });
  if (wrong && wrong.focus) wrong.focus();
})();
