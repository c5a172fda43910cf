"""The words that prompts are read by, as tables: one file for each subject, one for each further language."""
