// The estimate's form: fields that the kind of visit or the scheme does not need step aside. Without script all of them show.
"use strict";
const NEEDED = { id_disease: ["id_kind", ["2", "3"]], id_sessions: ["id_kind", ["13"]], id_status: ["id_scheme", ["1"]],
  id_civil_servant: ["id_scheme", ["1"]], id_where2: ["id_level2", null], id_total2: ["id_level2", null] };

function arrange() {
  for (const [name, [by, values]] of Object.entries(NEEDED)) {
    const field = document.getElementById(name), chooser = document.getElementById(by);
    if (!field || !chooser) continue;
    field.closest(".field").hidden = values ? !values.includes(chooser.value) : chooser.value === "";
  }
}
for (const name of ["id_kind", "id_scheme", "id_level2"]) document.getElementById(name)?.addEventListener("change", arrange);
arrange();
