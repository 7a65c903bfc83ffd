"""What every floor stands on: how arguments are read (`arguments`) and how files are written (`files`)."""
