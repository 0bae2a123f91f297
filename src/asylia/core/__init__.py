"""Tools that know nothing of displacement: errors, tables, draws, units, plug-ins."""
