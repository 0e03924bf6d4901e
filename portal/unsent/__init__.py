"""What is typed into a form and not sent yet: kept sealed for its writer until the form is sent or he gives it up."""
