(function () {
  "use strict";
  function text(cell) {
    var value = cell.textContent.trim();
    if (cell.classList.contains("n")) return value.replace(/,/g, "").replace("\u2212", "-");
    return /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  }
  function csv(table) {
    var lines = [], spans = [];
    table.querySelectorAll("tr").forEach(function (row) {
      if (row.hidden || row.parentNode.hidden) return;
      var values = [], cells = Array.prototype.slice.call(row.children);
      while (cells.length || (spans[values.length] || {}).left > 0) {
        var span = spans[values.length], cell;
        if (span && span.left > 0) {
          span.left -= 1;
          values.push(span.value);
        } else {
          cell = cells.shift();
          spans[values.length] = { left: cell.rowSpan - 1, value: text(cell) };
          values.push(text(cell));
        }
      }
      lines.push(values.map(function (value) { return '"' + value.replace(/"/g, '""') + '"'; }).join(","));
    });
    return "\ufeff" + lines.join("\r\n") + "\r\n";
  }
  document.querySelectorAll(".list").forEach(function (list) {
    var table = list.querySelector("table");
    var groups = table.tBodies.length > 1 ? Array.prototype.slice.call(table.tBodies) : Array.prototype.slice.call(table.tBodies[0].rows);
    list.querySelector("input").addEventListener("input", function (event) {
      var wanted = event.target.value.trim().toLowerCase();
      groups.forEach(function (group) { group.hidden = wanted !== "" && group.textContent.toLowerCase().indexOf(wanted) < 0; });
    });
    list.querySelector("button").addEventListener("click", function () {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csv(table)], { type: "text/csv" }));
      link.download = table.dataset.name + ".csv";
      link.click();
      URL.revokeObjectURL(link.href);
    });
  });
})();
