// A date of the as-of control takes effect when it is chosen; the button beside it serves those without scripts.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-submit-on-change]") && field.value) field.form.requestSubmit();
});

// Unfold writes the name of a chosen file into a field that only its own forms have; ours say it themselves.
document.addEventListener("change", (event) => {
  if (event.target.matches(".ph input[type=file]")) event.stopPropagation();
}, true);
