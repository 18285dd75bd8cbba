# The words of the staff pages.

staff-brand = Mingbai · staff
