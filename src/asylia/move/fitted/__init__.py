"""Our rules for recorded conflicts: few named parameters, fitted on other conflicts, with what they cannot know."""
