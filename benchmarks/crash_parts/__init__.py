"""What the crash benchmark is made of: a small city that can be killed, hospitals that never give up, and what must hold afterwards."""
