"""What only the article can settle: is every locator right, every claim printed, no sentence copied, nothing left out.

locate    find each segment in anybody's own copy of the text, and the text that belongs to none
evidence  every claim stands in its sentence, and its digits agree with its value
rights    no cell shares a run of words with the article
recall    every number, name, quotation and cue of a coded sentence is linked to a statement, or waived
lexicon   the words of the article's language that these need
"""
