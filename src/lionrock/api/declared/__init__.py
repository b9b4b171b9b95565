"""Operations made of what is there already: actions, queries and models; see things.py."""
