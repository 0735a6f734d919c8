// What every page needs: the focus goes to what is wrong. One behaviour a module, bound by a data- attribute.

for (const summary of document.querySelectorAll("[data-takes-focus]")) summary.focus();
