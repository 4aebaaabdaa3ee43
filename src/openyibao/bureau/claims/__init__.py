"""Paper claims 零星报销: bills that people paid in full, claimed on paper, reviewed by three persons, settled by the same law and paid."""
