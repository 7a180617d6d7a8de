"""Addresses of one case, for those who serve."""

from django.urls import path

from huying.cases.views import case, case_file, case_more

urlpatterns = [
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/move/", case.move, name="move"),
    path("cases/<str:number>/contact/", case_more.contact, name="contact"),
    path("cases/<str:number>/readers/", case_more.readers, name="readers"),
    path("cases/<str:number>/publish/", case_more.publish, name="publish"),
    path("cases/<str:number>/files/<uuid:file_id>", case_more.attachment, name="file"),
    path("cases/<str:number>/file.docx", case_file.docx, name="case_docx"),
    path("cases/<str:number>/file.pdf", case_file.pdf, name="case_pdf"),
    path("cases/<str:number>/print/", case_file.printed, name="case_print"),
]
