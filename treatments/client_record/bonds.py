"""Documents that belong to a note stay with the client's record."""

from clinic.people.services import documents
from treatments.services.files import refuse_removal

documents.bind(refuse_removal)
