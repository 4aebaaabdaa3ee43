"""The staff desk 人员与岗位: officers, posts, roles, and the log of what they did and whom they looked at."""
