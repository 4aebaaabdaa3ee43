"""The enrolment desk 参保征缴: persons, employers, relations, dues, personal accounts, cover on a day."""
