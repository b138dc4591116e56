// Runs before the first paint, so a chosen theme never flashes the other one.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('medallion.theme');
  } catch {
    // Storage may be forbidden; the system's theme is used then.
  }
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
})();
